import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { Describe } from '../describe.js';
import { DestinationChanged } from '../messages/destination-changed.js';
import { Asking } from '../messages/message.js';

@Describe(
  'The registry shows a change to the router before it answers its own caller, so that an event published right after the answer is routed by it. `destination.changed.v1` carries the same to everyone, and to a router that was away.',
)
export class ApplyDestination extends Asking<null> {
  static readonly type = 'router.apply-destination.v1';
  static readonly encoding = 'json';

  @ValidateNested({ each: true }) @Type(() => DestinationChanged) changes: DestinationChanged[];
}
