export {
  MalformedMasterKeyError,
  MalformedSealError,
  TamperedSealError,
  UnknownMasterKeyError,
  WeakMasterKeyError,
} from './errors.js';
export { Letterbox, sealFor } from './letterbox.js';
export { sealedTextBytes, Sealer } from './sealer.js';
