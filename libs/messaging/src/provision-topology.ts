import { topology } from '#libs/contracts';
import { connect } from 'amqplib';
import { declareTopology } from './declare-topology.js';

/**
 * Declares every exchange and queue of Posthorn, as a user who may.
 * @throws TopologyMismatchError if something exists with other arguments.
 */
export async function provisionTopology(amqpUrl: string, connectTimeoutMs: number): Promise<void> {
  const connection = await connect(amqpUrl, { timeout: connectTimeoutMs });
  connection.on('error', () => undefined);
  try {
    await declareTopology(connection, topology);
  } finally {
    await connection.close();
  }
}
