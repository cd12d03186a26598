import { type ServiceName, services } from './services.js';

/** One process of a service. The first one bears the service's name, the others a number behind it. */
export interface ServiceProcess {
  readonly service: ServiceName;
  /** `dispatcher`, `dispatcher-2`: of its log, its ports, and what is said about it. */
  readonly name: string;
  readonly number: number;
}

const most = 20;
const syntax = /^([a-z]+)=(\d{1,2})$/;

/**
 * How many processes of each service there are: `gateway=2,dispatcher=3`, and one of each that is not named.
 * @throws an error that says what is wrong with the text.
 */
export function processesOf(scale?: string): ServiceProcess[] {
  const counts = scale === undefined ? undefined : new Map(scale.split(',').map(parsePart));
  return services.flatMap(({ name: service }) =>
    Array.from({ length: counts?.get(service) ?? 1 }, (_, index) => ({
      service,
      name: index === 0 ? service : `${service}-${index + 1}`,
      number: index + 1,
    })),
  );
}

function parsePart(part: string): [ServiceName, number] {
  const [, name, digits] = syntax.exec(part.trim()) ?? [];
  const service = services.find((one) => one.name === name);
  const count = Number(digits);
  if (service && count >= 1 && count <= most) return [service.name, count];
  const names = services.map((one) => one.name).join(', ');
  throw new Error(`POSTHORN_SCALE: "${part}" is not <service>=<1 to ${most}>, with one of ${names}.`);
}
