import { type RunningPosthorn, until, type WebhookReceiver } from '#libs/testing';

/** Of its events; event types belong to all tenants. */
const name = 'world.made';

/** A tenant with one of everything, by the names of the paths' parameters. */
export type TenantWorld = Readonly<Record<string, string>>;

interface Created {
  readonly id: string;
  readonly state?: string;
}

interface Explained {
  readonly destinations: readonly { readonly reason: string }[];
}

export async function makeTenantWorld(
  posthorn: RunningPosthorn,
  receiver: WebhookReceiver,
  tenantId: string,
): Promise<TenantWorld> {
  const call = async <Body = Created & { data: Created[] }>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Body> => {
    const answer = await posthorn.call<Body>(method, `/tenants/${tenantId}${path}`, body);
    if (answer.status >= 300) throw new Error(`${path} answered ${JSON.stringify(answer)}`);
    return answer.body;
  };
  await call('PUT', '', {});
  const destination = { url: receiver.url(`/${tenantId}`), eventTypes: ['#'] };
  const { id: destinationId } = await call('POST', '/destinations', destination);
  // A second of each, so that lists have a second page.
  await call('POST', '/destinations', { ...destination, eventTypes: ['nothing.at.all'] });
  const publish = (): Promise<Created> => call('POST', '/events', { type: name, data: { of: tenantId } });
  await publish();
  const { id: eventId } = await publish();
  const deliveryId = await until(`the deliveries to ${tenantId}`, async () => {
    const { data } = await call('GET', '/deliveries?status=delivered');
    const { data: ofLast } = await call('GET', `/deliveries?status=delivered&eventId=${eventId}`);
    return data.length === 2 ? ofLast[0]?.id : undefined;
  });
  // An attempt is in the books sooner than the routing before it: what is told of an event changes until that is there.
  await until(`the routing of what ${tenantId} published`, async () => {
    const { data: events } = await call('GET', '/events');
    const told = events.map(({ id }) => call<Explained>('GET', `/events/${id}/explain`));
    const destinations = (await Promise.all(told)).flatMap((event) => event.destinations);
    return destinations.every(({ reason }) => reason !== 'not_routed_yet');
  });
  const counting = { after: '2020-01-01', before: '2100-01-01', dryRun: true };
  await call('POST', '/replays', counting);
  const { id: replayId } = await call('POST', '/replays', counting);
  await until(`the replays of ${tenantId}`, async () => {
    const { data } = await call('GET', '/replays');
    return data.every(({ state }) => state === 'completed');
  });
  return { tenantId, destinationId, eventId, deliveryId, replayId, name };
}
