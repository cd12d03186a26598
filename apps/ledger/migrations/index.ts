import type { Migration } from '#libs/persistence';
import * as books from './0001-books.js';
import * as parked from './0002-parked.js';
import * as lanesAndCircuits from './0003-lanes-and-circuits.js';
import * as sendAgain from './0004-send-again.js';
import * as replays from './0005-replays.js';
import * as tallies from './0006-tallies.js';
import * as cloudEvents from './0008-cloud-events.js';
import * as replayKeys from './0009-replay-keys.js';
import * as traces from './0010-traces.js';
import * as ownRows from './0011-own-rows.js';
import * as audit from './0018-audit.js';
import * as repeatedDeliveries from './0012-repeated-deliveries.js';
import * as deadLetterBounds from './0013-dead-letter-bounds.js';
import * as contentDigests from './0014-content-digests.js';
import * as erasures from './0015-erasures.js';
import * as hops from './0017-hops.js';

/** In order; what has been released is never changed, only followed. */
export const migrations: Record<string, Migration> = {
  '0001-books': books,
  '0002-parked': parked,
  '0003-lanes-and-circuits': lanesAndCircuits,
  '0004-send-again': sendAgain,
  '0005-replays': replays,
  '0006-tallies': tallies,
  '0008-cloud-events': cloudEvents,
  '0009-replay-keys': replayKeys,
  '0010-traces': traces,
  '0011-own-rows': ownRows,
  '0012-repeated-deliveries': repeatedDeliveries,
  '0013-dead-letter-bounds': deadLetterBounds,
  '0014-content-digests': contentDigests,
  '0015-erasures': erasures,
  '0017-hops': hops,
  '0018-audit': audit,
};
