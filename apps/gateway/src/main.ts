import { loadConfig } from '#libs/config';
import { AmqpServer } from '#libs/messaging';
import { run } from '#libs/service';
import { GatewayConfig } from './gateway.config.js';
import { GatewayModule } from './gateway.module.js';
import { createHttpApp } from './http/create-http-app.js';
import { HttpDoor } from './http/http-door.js';

await run(async () => {
  const config = loadConfig(GatewayConfig);
  const app = await createHttpApp(GatewayModule, config);
  app.connectMicroservice({ strategy: app.get(AmqpServer) }, { inheritAppConfig: true });
  return {
    app,
    door: new HttpDoor(app, config.DRAIN_DELAY_MS),
    listen: async () => {
      await app.startAllMicroservices();
      await app.listen(config.GATEWAY_PORT, config.GATEWAY_HOST);
    },
  };
});
