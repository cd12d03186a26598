/** The folder rules of the house: who may import what. Each says what to do instead. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'apps-never-import-apps',
      comment: 'Services talk through RabbitMQ: put what crosses into libs/contracts.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libs-through-their-index',
      comment:
        'Import #libs/<name>, and export what is missing there. Fuzzing calls parsers that no index exports.',
      severity: 'error',
      from: { path: '^(apps|libs|scripts|bench|test)/([^/]+)/', pathNot: '^test/fuzz/' },
      to: { path: '^libs/[^/]+/src/.+', pathNot: ['^libs/[^/]+/src/index.ts$', '^libs/$2/'] },
    },
    {
      name: 'contracts-is-a-leaf',
      severity: 'error',
      from: { path: '^libs/contracts/' },
      to: { path: '^(libs/(?!contracts/)|node_modules/@nestjs)' },
    },
    {
      name: 'only-messaging-knows-amqplib',
      comment: 'The demo and the tests are outside publishers; servers asks whether a broker answers.',
      severity: 'error',
      from: { pathNot: '^(libs/(messaging|testing|servers)|scripts/demo|bench|test)/' },
      to: { path: 'node_modules/amqplib' },
    },
    {
      name: 'only-persistence-knows-the-driver',
      severity: 'error',
      from: { pathNot: '^(libs/(persistence|testing|servers)|scripts/start|bench|test)/' },
      to: { path: 'node_modules/(pg|kysely)/' },
    },
    {
      name: 'only-egress-opens-sockets',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^libs/(egress|testing|servers|observability)/' },
      to: { path: '^(node:)?(net|tls|https?|undici)$|node_modules/undici' },
    },
    {
      name: 'testing-is-for-tests',
      severity: 'error',
      from: { pathNot: '(\\.spec\\.ts$|\\.fixture\\.ts$|^libs/testing/|^(test|bench)/)' },
      to: { path: '^libs/testing/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist' },
    enhancedResolveOptions: { conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
