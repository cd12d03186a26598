import { Problem } from '#libs/contracts';
import { KnownTenants } from './known-tenants.js';

describe('the tenants that a gateway knows', () => {
  let asked: PromiseWithResolvers<{ reference: string }>[];
  let tenants: KnownTenants;

  beforeEach(() => {
    asked = [];
    const ask = () => {
      asked.push(Promise.withResolvers());
      return asked.at(-1)!.promise;
    };
    tenants = new KnownTenants({ ask } as never);
  });

  it('are requested once, and by one request for many at once', async () => {
    const finding = [tenants.find('acme'), tenants.find('acme')];
    asked[0]!.resolve({ reference: 'acme~2' });
    expect(await Promise.all(finding)).toEqual(['acme~2', 'acme~2']);
    expect(await tenants.find('acme')).toBe('acme~2');
    expect(asked).toHaveLength(1);
  });

  it('are requested again after one was forgotten, whatever answer was on its way', async () => {
    const late = tenants.find('acme');
    tenants.forget('acme');
    asked[0]!.resolve({ reference: 'acme' });
    expect(await late).toBe('acme');
    const next = tenants.find('acme');
    asked[1]!.resolve({ reference: 'acme~2' });
    expect(await next).toBe('acme~2');
  });

  it('are those that were created here, at once', async () => {
    void tenants.find('acme');
    tenants.learn('acme~3');
    asked[0]!.reject(new Problem('not_found', 'There is no such tenant.'));
    expect(await tenants.find('acme')).toBe('acme~3');
  });

  it('are not remembered for not being there', async () => {
    const first = tenants.find('acme');
    asked[0]!.reject(new Problem('not_found', 'There is no such tenant.'));
    expect(await first).toBeUndefined();
    void tenants.find('acme');
    expect(asked).toHaveLength(2);
  });

  it('are not asked for by what is no id', async () => {
    for (const id of ['acme~2', '', 'a b', 'x'.repeat(65)]) expect(await tenants.find(id)).toBeUndefined();
    expect(asked).toHaveLength(0);
  });

  it('are given back as unavailable while the registry is away, and found later', async () => {
    const first = tenants.find('acme');
    asked[0]!.reject(new Problem('unavailable', 'away'));
    await expect(first).rejects.toMatchObject({ code: 'unavailable' });
    const second = tenants.find('acme');
    asked[1]!.resolve({ reference: 'acme' });
    expect(await second).toBe('acme');
  });
});
