import { listenError, loadConfig } from '#libs/config';
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
      const { GATEWAY_PORT: port, GATEWAY_HOST: host } = config;
      await app.listen(port, host).catch((error: Error) => {
        throw listenError(error, { port, host, portVariable: 'GATEWAY_PORT', hostVariable: 'GATEWAY_HOST' });
      });
    },
  };
}, [GatewayConfig]);
