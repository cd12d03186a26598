/** What package.json says too; a test keeps them equal. */
export const version = '0.1.0';
