import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type CustomStrategy, MessagePattern, Payload, Server } from '@nestjs/microservices';
import { DropErased } from './drop-erased.js';
import { Erasures } from './erasures.js';

const handled: unknown[] = [];

@Controller()
class Handler {
  @MessagePattern('batch')
  handle(@Payload(DropErased) messages: { tenantId: string }[]): void {
    handled.push(...messages);
  }
}

const erasures = {
  without: (messages: { tenantId: string }[]) => messages.filter((one) => one.tenantId !== 't'),
};

@Module({ controllers: [Handler], providers: [{ provide: Erasures, useValue: erasures }] })
class App {}

/** Hands over a batch as the server of libs/messaging does. */
class Strategy extends Server {
  listen(callback: () => void): void {
    callback();
  }

  close(): void {}

  on(): void {}

  unwrap<Result>(): Result {
    throw new Error('There is nothing below.');
  }

  async bring(messages: object[]): Promise<void> {
    await this.getHandlerByPattern('batch')?.(messages, {});
  }
}

it('a handler of batches gets no message of an erased tenant', async () => {
  const strategy = new Strategy();
  const options: CustomStrategy = { strategy };
  const app = await NestFactory.createMicroservice(App, { ...options, logger: false });
  await app.listen();
  await strategy.bring([{ tenantId: 't' }, { tenantId: 'u' }, { tenantId: 't~2' }]);
  expect(handled).toEqual([{ tenantId: 'u' }, { tenantId: 't~2' }]);
  await app.close();
});
