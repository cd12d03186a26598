export {
  MalformedMasterKeyError,
  MalformedSealError,
  TamperedSealError,
  UnknownMasterKeyError,
} from './errors.js';
export { Sealer } from './sealer.js';
