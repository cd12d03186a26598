import type { RunDocument } from './run-file.js';
import { developmentDefaults, given } from './service-environment.js';

/** What a person needs to go on, and what they should know was set for them. */
export function summary(
  run: RunDocument,
  environment: Readonly<NodeJS.ProcessEnv>,
  howToStop: string,
): string {
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
    ...defaultsInUse(environment),
    `Addresses and pids: .posthorn/run.json   Logs: .posthorn/logs/   Stop: ${howToStop}`,
    '',
  ].join('\n');
}

function defaultsInUse(environment: Readonly<NodeJS.ProcessEnv>): string[] {
  const callers = given(environment);
  const used = Object.entries(developmentDefaults).filter(([name]) => callers[name] === undefined);
  const keys = ['POSTHORN_ROOT_KEY', 'POSTHORN_MASTER_KEY'].filter((name) => callers[name] === undefined);
  return [
    ...(used.length === 0
      ? []
      : [`Set for development: ${used.map(([name, value]) => `${name}=${value}`).join(' ')}`]),
    ...(keys.length === 0 ? [] : [`Generated and kept in .posthorn/secrets.json: ${keys.join(' ')}`]),
  ];
}
