export {
  MalformedMasterKeyError,
  MalformedSealError,
  TamperedSealError,
  UnknownMasterKeyError,
} from './errors.js';
export { Letterbox, sealFor } from './letterbox.js';
export { Sealer } from './sealer.js';
