import { Injectable, type PipeTransform } from '@nestjs/common';
import { Erasures } from './erasures.js';

interface OfTenant {
  readonly tenantId: string;
}

/** For handlers of batches: leaves out messages of erased tenants, which are then neither stored nor acted upon. */
@Injectable()
export class DropErased implements PipeTransform<OfTenant[], OfTenant[]> {
  constructor(private readonly erasures: Erasures<unknown>) {}

  transform(messages: OfTenant[]): OfTenant[] {
    return this.erasures.without(messages);
  }
}
