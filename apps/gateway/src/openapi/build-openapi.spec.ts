import { Validator } from '@seriousme/openapi-schema-validator';
import { Controller, Get, Post, type Type } from '@nestjs/common';
import { MODULE_METADATA } from '@nestjs/common/constants.js';
import { GatewayModule } from '../gateway.module.js';
import { Open, Scope } from '../http/scope.js';
import { buildOpenApi } from './build-openapi.js';
import { Operation } from './operation.js';

const controllers = Reflect.getMetadata(MODULE_METADATA.CONTROLLERS, GatewayModule) as Type[];

@Controller('letters')
class LettersController {
  @Get()
  @Open()
  @Operation({ id: 'listLetters', summary: 'Letters' })
  list(): void {}
}

@Controller('letters')
class SendingController {
  @Post()
  @Scope('events:write')
  send(): void {}
}

describe('the OpenAPI document', () => {
  it('describes every route of the gateway, and is valid', async () => {
    const document = buildOpenApi(controllers);
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(JSON.stringify(document)).toContain('"operationId":"publishEvent"');
  });

  it('is not made where a route is not described, and says which and what to do', () => {
    expect(() => buildOpenApi([LettersController, SendingController])).toThrow(
      /^Not described: SendingController\.send\. Add @Operation\(\{ id, summary, reply, problems \}\)/,
    );
  });

  it('is not made where two routes have one id', () => {
    expect(() => buildOpenApi([LettersController, LettersController])).toThrow('"listLetters"');
  });
});
