// Native ESM: Nest 12 ships ES modules only (docs/adr/0001).
const shared = {
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^#libs/(.*)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
          target: 'es2022',
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.posthorn/'],
  setupFiles: ['<rootDir>/test/reflect-metadata.ts'],
  setupFilesAfterEnv: ['<rootDir>/test/test-timeout.ts'],
};

const integration = '\\.integration\\.spec\\.ts$';
const alarms = '/alarms\\.spec\\.ts$';

export default {
  // Modules of earlier files are never given back: after twenty files of system tests one process was out of memory.
  workerIdleMemoryLimit: '512MB',
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,libs,scripts,bench,test/alarms,test/faults,test/fuzz}/**/*.spec.ts'],
      testPathIgnorePatterns: [integration, alarms],
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/{apps,libs}/**/*.integration.spec.ts'],
      globalSetup: '<rootDir>/test/start-servers.ts',
      globalTeardown: '<rootDir>/test/stop-servers.ts',
    },
    { ...shared, displayName: 'system', testMatch: ['<rootDir>/test/*.spec.ts'] },
    { ...shared, displayName: 'alarms', testMatch: ['<rootDir>/test/alarms/alarms.spec.ts'] },
  ],
};
