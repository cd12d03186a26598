import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';

/**
 * Makes an instance of a class from parsed JSON, with instances inside where `@Type` says so; whatever else is inside is
 * taken as it is. class-transformer's own `plainToInstance` walks into that, too, and throws at a member that is called
 * `constructor`, which a tenant's metadata or headers may well have.
 */
export function instanceOf<Instance extends object>(type: new () => Instance, plain: object): Instance {
  const instance = new type();
  for (const [name, value] of Object.entries(plain)) {
    // By these an object tells what it is.
    if (name === 'constructor' || name === '__proto__') continue;
    Object.assign(instance, { [name]: inside(typeOf(type, name), value) });
  }
  return instance;
}

function inside(type: (new () => object) | undefined, value: unknown): unknown {
  if (type === undefined || typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? value.map((item) => inside(type, item)) : instanceOf(type, value);
}

function typeOf(type: new () => object, name: string): (new () => object) | undefined {
  return defaultMetadataStorage.findTypeMetadata(type, name)?.typeFunction() as
    | (new () => object)
    | undefined;
}
