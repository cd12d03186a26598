import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { findFaults } from '#libs/validation';
import { InvalidConfigError } from './invalid-config.error.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a configuration class from the environment: the class gives each variable its type, default and reason.
 * An empty variable counts as not set, so that `RETRY_SCHEDULE=` in a compose file means the default.
 * @throws InvalidConfigError naming every faulty variable at once.
 */
export function loadConfig<Config extends object>(
  type: new () => Config,
  environment: Environment = process.env,
): Config {
  const known = Object.keys(new type());
  const given = Object.fromEntries(
    known.map((name) => [name, environment[name]]).filter(([, value]) => value !== undefined && value !== ''),
  );
  const config = plainToInstance(type, given, { exposeDefaultValues: true });
  const faults = findFaults(config);
  if (faults.length > 0) throw new InvalidConfigError(faults.map(({ message }) => message));
  return config;
}
