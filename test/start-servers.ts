import { registerHooks } from 'node:module';
import type { TestServers } from '#libs/testing';

declare global {
  var testServers: TestServers | undefined;
}

/**
 * Jest transforms this file and what it imports, but leaves finding the files to Node, which knows the built tree only.
 * This finds the sources instead, as `moduleNameMapper` does for the tests.
 */
function resolveToSources(): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier.startsWith('#libs/')) {
        const library = specifier.slice('#libs/'.length);
        return nextResolve(new URL(`../libs/${library}/src/index.ts`, import.meta.url).pathname, context);
      }
      const isOurs = specifier.startsWith('.') && context.parentURL?.endsWith('.ts') === true;
      return nextResolve(isOurs ? specifier.replace(/\.js$/, '.ts') : specifier, context);
    },
  });
}

/** Before all integration tests: a real RabbitMQ and a real Postgres, one for all. */
export default async function startServers(): Promise<void> {
  resolveToSources();
  const { describeServers, startTestServers } = await import('#libs/testing');
  const say = (line: string): boolean => process.stdout.write(`integration: ${line}\n`);
  const servers = await startTestServers(process.env, say);
  globalThis.testServers = servers;
  process.env['TEST_AMQP_URL'] = servers.amqpUrl;
  process.env['TEST_MANAGEMENT_URL'] = servers.managementUrl;
  process.env['TEST_DATABASE_URL'] = servers.databaseUrl;
  say(await describeServers(servers));
}
