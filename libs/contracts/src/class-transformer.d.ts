/** What `@Type` has noted: class-transformer ships it, and its types under another name. */
declare module 'class-transformer/cjs/storage.js' {
  export { defaultMetadataStorage } from 'class-transformer/types/storage.js';
}
