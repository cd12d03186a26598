import { relative } from 'node:path';
import type { RunDocument } from './run-file.js';
import { developmentDefaults, given } from './service-environment.js';
import type { StateDirectory } from './state-directory.js';

export interface Surroundings {
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  readonly state: StateDirectory;
  readonly howToStop: string;
}

/** What a person needs to go on, and what they should know was set for them. */
export function summary(run: RunDocument, { environment, state, howToStop }: Surroundings): string {
  const { apiUrl, apiKey } = run;
  const request = (method: string, path: string, body: object): string =>
    `  curl -X ${method} ${apiUrl}/v1/tenants/${path} -H 'Authorization: Bearer ${apiKey}' -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
  return [
    '',
    `Posthorn is ready:  ${apiUrl}`,
    `API key:            ${apiKey}`,
    '',
    'Make a tenant, give it a destination, publish an event:',
    '',
    request('PUT', 'acme', { name: 'Acme' }),
    request('POST', 'acme/destinations', {
      url: 'http://127.0.0.1:9000/webhooks',
      eventTypes: ['invoice.*'],
    }),
    request('POST', 'acme/events', { type: 'invoice.paid', data: { invoice: 'in_1', amount: 4200 } }),
    '',
    ...defaultsInUse(environment, place(state.secretsFile)),
    `Addresses and pids: ${place(state.runFile)}   Logs: ${place(state.logs)}/   Stop: ${howToStop}`,
    '',
  ].join('\n');
}

/** As the user would type it. */
function place(path: string): string {
  const shorter = relative('.', path);
  return shorter.startsWith('..') ? path : shorter;
}

function defaultsInUse(environment: Readonly<NodeJS.ProcessEnv>, secretsFile: string): string[] {
  const callers = given(environment);
  const used = Object.entries(developmentDefaults).filter(([name]) => callers[name] === undefined);
  const keys = ['POSTHORN_ROOT_KEY', 'POSTHORN_MASTER_KEY'].filter((name) => callers[name] === undefined);
  return [
    ...(used.length === 0
      ? []
      : [`Set for development: ${used.map(([name, value]) => `${name}=${value}`).join(' ')}`]),
    ...(keys.length === 0 ? [] : [`Generated and kept in ${secretsFile}: ${keys.join(' ')}`]),
  ];
}
