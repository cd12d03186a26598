import 'reflect-metadata';
import { findFaults } from '#libs/validation';
import { plainToInstance } from 'class-transformer';
import { InvalidConfigError } from './invalid-config.error.js';

type Environment = Readonly<Record<string, string | undefined>>;
type ConfigClass<Config extends object = object> = new () => Config;

/** More than there are variables. */
const everyFault = 1000;

/**
 * Reads a configuration class from the environment: the class gives each variable its type, default and reason.
 * An empty variable counts as not set, so that `RETRY_SCHEDULE=` in a compose file means the default.
 * @throws InvalidConfigError naming every faulty variable at once.
 */
export function loadConfig<Config extends object>(
  type: ConfigClass<Config>,
  environment: Environment = process.env,
): Config {
  const { config, faults } = read(type, environment);
  if (faults.length > 0) throw new InvalidConfigError(faults);
  return config;
}

/**
 * Checks all that a process is going to read, so that one start names all that is wrong. `other`: faults that were found
 * elsewhere.
 * @throws InvalidConfigError naming every faulty variable of all classes at once.
 */
export function checkConfigs(
  types: readonly ConfigClass[],
  environment: Environment = process.env,
  other: readonly string[] = [],
): void {
  const faults = new Set([...types.flatMap((type) => read(type, environment).faults), ...other]);
  if (faults.size > 0) throw new InvalidConfigError([...faults]);
}

function read<Config extends object>(
  type: ConfigClass<Config>,
  environment: Environment,
): { config: Config; faults: string[] } {
  const known = Object.keys(new type());
  const given = Object.fromEntries(
    known.map((name) => [name, environment[name]]).filter(([, value]) => value !== undefined && value !== ''),
  );
  const config = plainToInstance(type, given, { exposeDefaultValues: true });
  return { config, faults: findFaults(config, { limit: everyFault }).map(({ message }) => message) };
}
