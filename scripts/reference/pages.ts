import { configurationPage } from './configuration.js';

/** The pages of the documentation that are made from the code. `npm run reference` writes them. */
export const pages: Readonly<Record<string, () => string>> = {
  'docs/reference/configuration.md': configurationPage,
};
