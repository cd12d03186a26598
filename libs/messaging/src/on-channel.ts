import type { Channel, ChannelModel } from 'amqplib';

/** Uses a channel for one thing: asking for what is not there ends a channel, and harms nothing else. */
export async function onChannel<Result>(
  model: ChannelModel,
  use: (channel: Channel) => Promise<Result>,
): Promise<Result> {
  const channel = await model.createChannel();
  channel.on('error', () => undefined);
  try {
    return await use(channel);
  } finally {
    // Not waited for: amqplib says nothing of a close that its connection did not live to see.
    void channel.close().catch(() => undefined);
  }
}
