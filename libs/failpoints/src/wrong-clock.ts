const RealDate = Date;
let aheadMs = 0;

/** What `Date` tells in this process from now on is wrong by so much; timers are not. */
export function setClock(ms: number): void {
  aheadMs = ms;
  globalThis.Date = ms === 0 ? RealDate : WrongDate;
}

const WrongDate = new Proxy(RealDate, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
  get: (target, property) => (property === 'now' ? now : (Reflect.get(target, property) as unknown)),
});

function now(): number {
  return RealDate.now() + aheadMs;
}
