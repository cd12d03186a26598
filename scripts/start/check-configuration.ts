import { randomBytes } from 'node:crypto';
import { checkConfigs, listenError } from '#libs/config';
import { whyNotFree } from '#libs/servers';
import { IsIn, IsOptional, IsUrl } from 'class-validator';
import { sections } from '../reference/sections.js';
import { processesOf } from './scale.js';
import { developmentDefaults, given } from './service-environment.js';

const management = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };

/** What the start itself reads. */
class StartConfig {
  @IsOptional() @IsIn(['docker', 'native']) readonly POSTHORN_INFRASTRUCTURE?: string;
  @IsOptional() @IsUrl(management) readonly RABBITMQ_MANAGEMENT_URL?: string;
}

/**
 * Checks what the services are going to read before anything is started. In place of what the start makes for them stand
 * values that are right.
 * @throws InvalidConfigError naming every faulty variable at once; an error if the gateway's port cannot be opened.
 */
export async function checkConfiguration(environment: Readonly<NodeJS.ProcessEnv>): Promise<void> {
  const secret = randomBytes(32).toString('base64');
  const complete = {
    ...developmentDefaults,
    DATABASE_URL: 'postgres://127.0.0.1',
    RABBITMQ_URL: 'amqp://127.0.0.1',
    POSTHORN_ROOT_KEY: secret,
    POSTHORN_MASTER_KEY: secret,
    ...given(environment),
    METRICS_PORT: '0',
  };
  const configs = sections.flatMap((section) => section.configs);
  checkConfigs([...configs, StartConfig], complete, scaleFaults(given(environment)['POSTHORN_SCALE']));
  const [port, host] = [Number(complete.GATEWAY_PORT), complete.GATEWAY_HOST];
  const obstacle = await whyNotFree(port, host);
  const variables = { portVariable: 'GATEWAY_PORT', hostVariable: 'GATEWAY_HOST' };
  if (obstacle) throw listenError(obstacle, { port, host, ...variables });
}

function scaleFaults(scale: string | undefined): string[] {
  try {
    processesOf(scale);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}
