import { freePorts } from '#libs/servers';
import type { Context } from './context.js';
import { gatewayAddress } from './service-environment.js';

/** Ports for what starts before the first gateway or beside it. The gateway's own is the user's choice. */
export function ownPorts<Name extends string>(
  { state, environment }: Pick<Context, 'state' | 'environment'>,
  names: readonly Name[],
): Promise<Record<Name, number>> {
  return freePorts(state.portsFile, names, [Number(gatewayAddress(environment).GATEWAY_PORT)]);
}
