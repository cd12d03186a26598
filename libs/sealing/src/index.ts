export {
  MalformedMasterKeyError,
  MalformedSealError,
  TamperedSealError,
  UnknownMasterKeyError,
} from './errors.js';
export { Letterbox, sealFor } from './letterbox.js';
export { sealedTextBytes, Sealer } from './sealer.js';
