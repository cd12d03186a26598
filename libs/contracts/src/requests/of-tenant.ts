import { IsString } from 'class-validator';
import { Asking } from '../messages/message.js';

/** About what one tenant has: another tenant's is not found. */
export abstract class OfTenant<Reply> extends Asking<Reply> {
  @IsString() tenantId: string;
}

export abstract class OfDestination<Reply> extends OfTenant<Reply> {
  @IsString() destinationId: string;
}

export abstract class OfEvent<Reply> extends OfTenant<Reply> {
  @IsString() eventId: string;
}

export abstract class OfDelivery<Reply> extends OfTenant<Reply> {
  @IsString() deliveryId: string;
}

export abstract class OfReplay<Reply> extends OfTenant<Reply> {
  @IsString() replayId: string;
}
