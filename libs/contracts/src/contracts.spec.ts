import { readFile } from 'node:fs/promises';
import { getMetadataStorage } from 'class-validator';
import { eventIdSyntax } from './event-type.js';
import { acceptedAtMsOf, attemptId, deliveryId, eventIdOfKey, newId } from './ids.js';
import { deliveryPartitions, partitionOf } from './partition.js';
import { topology } from './topology.js';
import { version } from './version.js';

describe('the contracts', () => {
  it('say the version that package.json says', async () => {
    const packageJson = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(version).toBe(packageJson.version);
  });

  it('name each queue once, after its app', () => {
    const names = topology.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names)
      expect(name).toMatch(/^(gateway|registry|router|dispatcher|ledger|alerts)\.[a-z]+(-[a-z]+)*$/);
  });

  it('give one app one queue for each message', () => {
    const handled = topology.map(({ name, message }) => `${name.split('.')[0]} ${message.type}`);
    expect(new Set(handled).size).toBe(handled.length);
  });
});

describe('messages between services', () => {
  const messages = new Set(topology.filter(({ kind }) => kind !== 'request').map(({ message }) => message));

  it.each([...messages].map((message) => [message.type, message] as const))(
    '%s takes a value that a newer service has added to a list',
    (_, message) => {
      const rules = getMetadataStorage().getTargetValidationMetadatas(message, '', false, false);
      const closed = rules.filter(({ name }) => name === 'isIn' || name === 'isEnum');
      expect(closed.map(({ propertyName }) => propertyName)).toEqual([]);
    },
  );
});

describe('ids', () => {
  it('sort by the time they were made', () => {
    const ids = [1_000, 2_000, 1_700_000_000_000, 1_800_000_000_000].map((ms) => newId('evt', ms));
    expect(ids.toSorted()).toEqual(ids);
    expect(ids[3]).toMatch(/^evt_[0-9A-HJKMNP-TV-Z]{26}$/);
  });

  it('of a delivery are the same whoever computes them, and differ by tenant, event and destination', () => {
    const event = { tenantId: 't', eventId: 'e', acceptedAt: '2026-01-01T00:00:00.000Z' };
    const id = deliveryId(event, 'dst_1');
    expect(deliveryId({ ...event }, 'dst_1')).toBe(id);
    const others = [
      deliveryId(event, 'dst_2'),
      deliveryId({ ...event, eventId: 'f' }, 'dst_1'),
      deliveryId({ ...event, tenantId: 'u' }, 'dst_1'),
      deliveryId({ ...event, tenantId: 't\ne', eventId: '' }, 'dst_1'),
    ];
    expect(new Set([id, ...others]).size).toBe(5);
  });

  it('of a delivery tell when its event was accepted', () => {
    const event = { tenantId: 't', eventId: 'e', acceptedAt: '2026-01-01T00:00:00.123Z' };
    expect(acceptedAtMsOf(deliveryId(event, 'dst_1'))).toBe(Date.parse(event.acceptedAt));
    for (const other of [
      '',
      'dlv_',
      'dlv_1',
      newId('evt'),
      `dlv_${'U'.repeat(26)}`,
      `dlv_${'Z'.repeat(26)}`,
    ]) {
      expect(acceptedAtMsOf(other)).toBeUndefined();
    }
  });

  it('of events published under an idempotency key are the same for the same tenant and key only', () => {
    const id = eventIdOfKey('t', 'key');
    expect(eventIdOfKey('t', 'key')).toBe(id);
    expect(id).toMatch(eventIdSyntax);
    expect(id).toHaveLength('evt_'.length + 32);
    expect(new Set([id, eventIdOfKey('t', 'Key'), eventIdOfKey('u', 'key')]).size).toBe(3);
  });

  it('of attempts sort in the order of the attempts', () => {
    const ids = [1, 2, 9, 10, 31, 32, 100].map((attempt) => attemptId('dlv_0123', attempt));
    expect(ids.toSorted()).toEqual(ids);
  });
});

describe('partitions', () => {
  it('spread destinations evenly', () => {
    const counts = Array.from({ length: deliveryPartitions }, () => 0);
    for (let n = 0; n < 8000; n++) counts[partitionOf(newId('dst'))]! += 1;
    for (const count of counts) expect(count).toBeGreaterThan(800);
  });
});
