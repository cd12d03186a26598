import { AmqpDoor } from './amqp-door.js';
import { quiet } from './books.js';
import { Load } from './load.js';
import { randomFrom } from './random.js';
import { prepare, type Scene, tenantsOf } from './scene.js';
import { planEndpoints } from './world.js';

const tenants = 4;
const perSecond = 100;
const forMs = 5000;
const settleDeadlineMs = 60_000;

/**
 * Lets some events through that nobody counts. A process whose code has just been loaded is several times slower for some
 * seconds, and on a small machine keeps no schedule under full load: no row is about that.
 */
export async function warmUp(scene: Scene): Promise<void> {
  const { posthorn } = scene;
  const prefix = `warm-up-${Date.now().toString(36)}-`;
  const tenantIds = tenantsOf(await prepare(scene, planEndpoints(prefix, tenants)));
  const amqp = new AmqpDoor(() => posthorn.publisherUrl());
  try {
    const load = new Load({ posthorn: posthorn.whole, amqp, tenantIds, random: randomFrom(0), perSecond });
    await load.run(AbortSignal.timeout(forMs));
    await load.settled(settleDeadlineMs);
    await quiet(posthorn.whole, tenantIds, { timeoutMs: settleDeadlineMs });
  } finally {
    amqp.stop();
  }
}
