import { OnMessage } from '#libs/messaging';
import { TenantChanged } from '#libs/contracts';
import { Controller, Get, Post, type Type } from '@nestjs/common';
import { MODULE_METADATA } from '@nestjs/common/constants.js';
import { GatewayModule } from '../gateway.module.js';
import { checkScopes } from './check-scopes.js';
import { Open, Scope } from './scope.js';

@Controller('letters')
class LettersController {
  @Get()
  @Scope('events:read')
  list(): void {}

  @Post()
  send(): void {}

  @Get('weather')
  @Open()
  weather(): void {}

  @OnMessage(TenantChanged)
  forget(): void {}
}

describe('checkScopes', () => {
  it('names the route that has no scope, and says what to do', () => {
    expect(() => checkScopes([LettersController])).toThrow(
      /^No scope is declared for LettersController\.send\. Add to each .*@Scope\('events:read'\), or @Open\(\)/,
    );
  });

  it('finds a scope on every route of the gateway', () => {
    const controllers = Reflect.getMetadata(MODULE_METADATA.CONTROLLERS, GatewayModule) as Type[];
    expect(controllers.length).toBeGreaterThan(5);
    expect(() => checkScopes(controllers)).not.toThrow();
  });
});
