import { sql } from '#libs/persistence';
import { destinationChanged } from '#libs/testing';
import { Acceptance, Books } from '../books.fixture.js';

let books: Books;

beforeEach(async () => {
  books = await Books.open();
  await books.destinations.apply([destinationChanged({})]);
});

afterEach(() => books.close());

const statusOf = async ({ deliveryId }: Acceptance): Promise<string | undefined> =>
  (await books.history.findDelivery('t', deliveryId))?.status;
const answersOf = async ({ deliveryId }: Acceptance): Promise<string[]> =>
  (await books.attempts.list('t', deliveryId, { limit: 10 })).data.map(({ response }) => response);

describe('the erasure of a payload', () => {
  it('removes it and the answers, cancels what waits, and leaves the rest of the history', async () => {
    const [event, other] = [new Acceptance('e'), new Acceptance('other')];
    for (const { accepted } of [event, other]) await books.record(accepted);
    for (const one of [event, other]) {
      await books.record(one.routed());
      await books.record(one.attempted(1, 500));
    }
    expect(await books.payloads.erase({ tenantId: 't', eventId: 'e' })).toBe(true);
    expect(await books.history.findEvent('t', 'e')).toMatchObject({ payload: null, deliveries: [{}] });
    expect([await statusOf(event), await answersOf(event)]).toEqual(['cancelled', ['']]);
    expect([await statusOf(other), (await answersOf(other)).join('')]).toEqual(['retrying', 'YW5zd2Vy']);
    expect((await books.release()).map(({ eventId }) => eventId)).toEqual(['other']);
    await expect(books.deliveries.retry('t', event.deliveryId)).rejects.toMatchObject({
      code: 'payload_expired',
    });
    await expect(books.events.replay('t', 'e', undefined)).rejects.toMatchObject({ code: 'payload_expired' });
  });

  it('is in the audit', async () => {
    await books.record(new Acceptance('e').accepted);
    const actor = { keyId: 'key_1', scopes: [], address: '192.0.2.1', requestId: 'req_1' };
    await books.payloads.erase({ tenantId: 't', eventId: 'e' }, actor);
    const { rows } = await books.database.run((db) =>
      sql`select actor, action, object_type, object_id, tenant_id from audit`.execute(db),
    );
    expect(rows).toEqual([
      {
        actor: 'key_1',
        action: 'event.payload-erased',
        object_type: 'event',
        object_id: 'e',
        tenant_id: 't',
      },
    ]);
  });

  it('removes the digest of the content, of repeats too', async () => {
    const [event, repeat] = [new Acceptance('e'), new Acceptance('e', { payload: '"other"' })];
    for (const { accepted } of [event, repeat, new Acceptance('other')]) await books.record(accepted);
    await books.record(event.routed());
    await books.record(repeat.repeated);
    await books.payloads.erase({ tenantId: 't', eventId: 'e' });
    const { rows } = await books.database.run((db) =>
      sql<{ event_id: string }>`select event_id from events where content_digest is not null`.execute(db),
    );
    expect(rows).toEqual([{ event_id: 'other' }]);
  });

  it('cancels what is held', async () => {
    const event = new Acceptance('e');
    await books.record(event.accepted);
    await books.record(event.routed('disabled'));
    await books.payloads.erase({ tenantId: 't', eventId: 'e' });
    expect(await statusOf(event)).toBe('cancelled');
  });

  it('removes what an attempt brought that was under way', async () => {
    const event = new Acceptance('e');
    await books.record(event.accepted);
    await books.record(event.routed());
    await books.payloads.erase({ tenantId: 't', eventId: 'e' });
    await books.record(event.attempted(1, 500));
    expect(await statusOf(event)).toBe('cancelled');
    await books.database.run((db) => sql`update erased_payloads set due_at = now()`.execute(db));
    await books.payloads.repeat();
    expect(await answersOf(event)).toEqual(['']);
  });

  it('finds no event of another tenant, nor one that never was', async () => {
    await books.record(new Acceptance('e', { tenantId: 'u' }).accepted);
    expect(await books.payloads.erase({ tenantId: 't', eventId: 'e' })).toBe(false);
    expect(await books.payloads.erase({ tenantId: 'u', eventId: 'none' })).toBe(false);
    expect(await books.payloads.erase({ tenantId: 'u', eventId: 'e' })).toBe(true);
    expect(await books.payloads.erase({ tenantId: 'u', eventId: 'e' })).toBe(true);
  });
});
