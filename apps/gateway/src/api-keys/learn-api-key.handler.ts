import { ApiKeyChanged } from '#libs/contracts';
import { OnMessage } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { KnownApiKeys } from './known-api-keys.js';

@Controller()
export class LearnApiKeyHandler {
  constructor(private readonly keys: KnownApiKeys) {}

  @OnMessage(ApiKeyChanged)
  learn(@Payload() change: ApiKeyChanged): void {
    this.keys.apply(change);
  }
}
