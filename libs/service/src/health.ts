import { AmqpServer, Broker } from '#libs/messaging';
import { Database } from '#libs/persistence';
import type { INestApplicationContext } from '@nestjs/common';

/** Is what this service needs to do its work there: the broker, its queues, its database if it has one? */
export class Health {
  #stopping = false;

  constructor(private readonly app: INestApplicationContext) {}

  stop(): void {
    this.#stopping = true;
  }

  async isReady(): Promise<boolean> {
    if (this.#stopping) return false;
    if (!this.app.get(Broker).isReady || !this.app.get(AmqpServer).isReady) return false;
    return (await this.#database()?.isReady()) ?? true;
  }

  #database(): Database<unknown> | undefined {
    try {
      return this.app.get<Database<unknown>>(Database);
    } catch {
      return undefined;
    }
  }
}
