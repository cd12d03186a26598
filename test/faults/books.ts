import { type RunningPosthorn, until } from '#libs/testing';

export interface Attempt {
  readonly number: number;
  readonly statusCode: number | null;
  /** A try before it, of the same number, may have reached the endpoint and left no trace. */
  readonly repeated: boolean;
}

export interface Delivery {
  readonly id: string;
  readonly tenantId: string;
  readonly eventId: string;
  readonly destinationId: string;
  readonly status: 'pending' | 'retrying' | 'delivered' | 'failed' | 'held' | 'cancelled';
  readonly attemptCount: number;
}

export interface RecordedDelivery extends Delivery {
  readonly attempts: readonly Attempt[];
}

/** What the public API tells of some tenants. */
export interface Books {
  readonly eventIds: ReadonlySet<string>;
  readonly deliveries: readonly RecordedDelivery[];
}

/** Whom to ask. */
type Told = Pick<RunningPosthorn, 'call'>;

const pageSize = 250;
const readersAtOnce = 12;
const lookAgainMs = 100;

const underWay: readonly Delivery['status'][] = ['pending', 'retrying'];

/** Waits until none of these tenants' deliveries is under way, or whatever else it is not to be. */
export async function quiet(
  posthorn: Told,
  tenantIds: readonly string[],
  {
    timeoutMs,
    statuses = underWay,
    before = '9999-12-31',
  }: { timeoutMs: number; statuses?: readonly Delivery['status'][]; before?: string },
): Promise<void> {
  const isBusy = async (tenantId: string): Promise<boolean> => {
    for (const status of statuses) {
      const path = `/tenants/${tenantId}/deliveries?limit=1&status=${status}&before=${before}`;
      const { body } = await posthorn.call<{ data: unknown[] }>('GET', path);
      if (body.data.length > 0) return true;
    }
    return false;
  };
  // Whoever was busy last is asked first, as asking takes the time of what is waited for.
  let order = tenantIds;
  const isQuiet = async (): Promise<boolean> => {
    for (const tenantId of order) {
      if (!(await isBusy(tenantId))) continue;
      order = [tenantId, ...order.filter((other) => other !== tenantId)];
      return false;
    }
    return true;
  };
  await until('all deliveries to be finished', () => isQuiet().catch(() => false), timeoutMs, lookAgainMs);
}

export async function readBooks(posthorn: Told, tenantIds: readonly string[]): Promise<Books> {
  const events: { id: string }[] = [];
  const deliveries: Delivery[] = [];
  for (const tenantId of tenantIds) {
    events.push(...(await readList<{ id: string }>(posthorn, `/tenants/${tenantId}/events`)));
    deliveries.push(...(await readList<Delivery>(posthorn, `/tenants/${tenantId}/deliveries`)));
  }
  const recorded: RecordedDelivery[] = [];
  const rest = deliveries.values();
  const readers = Array.from({ length: readersAtOnce }, async () => {
    for (const delivery of rest) {
      const path = `/tenants/${delivery.tenantId}/deliveries/${delivery.id}/attempts`;
      const { body } = await posthorn.call<{ data: Attempt[] }>('GET', path);
      recorded.push({ ...delivery, attempts: body.data });
    }
  });
  await Promise.all(readers);
  return { eventIds: new Set(events.map(({ id }) => id)), deliveries: recorded };
}

/** All pages of a list. */
export async function readList<Item>(
  posthorn: Told,
  path: string,
  filter: Readonly<Record<string, string>> = {},
): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: URLSearchParams = new URLSearchParams({
      ...filter,
      limit: String(pageSize),
      ...(cursor && { cursor }),
    });
    const { body } = await posthorn.call<{ data: Item[]; nextCursor: string | null }>(
      'GET',
      `${path}?${query.toString()}`,
    );
    items.push(...body.data);
    cursor = body.nextCursor;
  }
  return items;
}
