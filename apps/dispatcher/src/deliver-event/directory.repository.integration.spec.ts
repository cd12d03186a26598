import { randomBytes } from 'node:crypto';
import { CircuitChanged, create } from '#libs/contracts';
import { Secret } from '#libs/config';
import type { Log } from '#libs/observability';
import { sql } from '#libs/persistence';
import { Sealer } from '#libs/sealing';
import { destinationChanged, until } from '#libs/testing';
import { type DispatcherDatabase, dispatcherDatabase } from '../dispatcher.fixture.js';
import { ProjectCircuitHandler } from '../project-circuit/project-circuit.handler.js';
import { ProjectDestinationHandler } from '../project-destination/project-destination.handler.js';
import { DirectoryRepository } from './directory.repository.js';

const sealer = new Sealer([new Secret(randomBytes(32).toString('base64'))]);

const log = { error: () => undefined } as unknown as Log;

let dispatcher: DispatcherDatabase;
let directory: DirectoryRepository;

beforeEach(async () => {
  dispatcher = await dispatcherDatabase();
  directory = new DirectoryRepository(dispatcher.database, sealer, log);
  await new ProjectDestinationHandler(dispatcher.database).project([
    destinationChanged({ maxConcurrency: 2, ratePerSecond: 0.5 }),
  ]);
});

afterEach(() => dispatcher.drop());

const circuit = (version: number, open: boolean): CircuitChanged =>
  create(CircuitChanged, { destinationId: 'dst_1', version, open });
const project = (...changes: CircuitChanged[]): Promise<void> =>
  new ProjectCircuitHandler(dispatcher.database).project(changes);
const untilCircuitIs = (version: number, isOpen: boolean): Promise<unknown> =>
  until(`circuit ${version}`, async () => {
    const found = await directory.find('dst_1', 1);
    return found?.circuit.version === version && found.circuit.isOpen === isOpen;
  });

describe('a destination as the dispatcher knows it', () => {
  it('has its limits, and a closed circuit while nobody said anything else', async () => {
    expect(await directory.find('dst_1', 1)).toMatchObject({
      maxConcurrency: 2,
      ratePerSecond: 0.5,
      circuit: { version: 0, isOpen: false },
    });
  });

  it('has the newest circuit, in whatever order its changes come', async () => {
    await directory.find('dst_1', 1);
    await project(circuit(2, false), circuit(1, true));
    await untilCircuitIs(2, false);
    await project(circuit(3, true));
    await project(circuit(1, true));
    await untilCircuitIs(3, true);
  });

  it('signs with a secret that was rotated out until its time is over by the clock of Postgres', async () => {
    const sealed = (secret: string): string => sealer.seal(secret, 'dst_1');
    const { rows } = await dispatcher.database.run((db) =>
      sql<{ now: Date }>`select clock_timestamp() as now`.execute(db),
    );
    const inMs = (ms: number): string => new Date(rows[0]!.now.getTime() + ms).toISOString();
    await new ProjectDestinationHandler(dispatcher.database).project([
      destinationChanged({
        version: 2,
        sealedSecrets: [sealed('new')],
        retiringSecrets: [
          { sealed: sealed('old'), validUntil: inMs(1500) },
          { sealed: sealed('over'), validUntil: inMs(-1) },
        ],
      }),
    ]);
    const signing = async (): Promise<string[]> =>
      (await directory.find('dst_1', 2))?.secrets.map((secret) => secret.reveal()) ?? [];
    expect(await signing()).toEqual(['new', 'old']);
    await until('the end of the old secret', async () => (await signing()).length === 1);
    expect(await signing()).toEqual(['new']);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(inMs(0)));
  });

  it('is unreadable by itself when no master key opens its secrets', async () => {
    const foreign = new Sealer([new Secret(randomBytes(32).toString('base64'))]);
    await new ProjectDestinationHandler(dispatcher.database).project([
      destinationChanged({ version: 2, sealedSecrets: [foreign.seal('new', 'dst_1')] }),
      destinationChanged({ destinationId: 'dst_2', sealedSecrets: [sealer.seal('own', 'dst_2')] }),
    ]);
    const found = await Promise.all([directory.find('dst_1', 2), directory.find('dst_2', 1)]);
    expect(found).toMatchObject([
      { readable: false, secrets: [] },
      { readable: true, secrets: [expect.anything()] },
    ]);
  });

  it('has headers of its own, opened where they were sealed', async () => {
    await new ProjectDestinationHandler(dispatcher.database).project([
      destinationChanged({
        version: 2,
        headers: [
          { name: 'X-Team', value: 'a' },
          { name: 'Authorization', sealed: sealer.seal('Bearer x', 'dst_1 authorization') },
        ],
      }),
    ]);
    const { headers = [] } = (await directory.find('dst_1', 2)) ?? {};
    expect(headers.map(([name, value]) => [name, value.reveal()])).toEqual([
      ['X-Team', 'a'],
      ['Authorization', 'Bearer x'],
    ]);
  });
});
