import { IsString } from 'class-validator';
import { Describe } from '../describe.js';

@Describe('A consequence of a request that its caller may not expect.')
export class Warning {
  @Describe('The field, as in `errors`.', { examples: ['headers.Authorization'] }) @IsString() path: string;
  @IsString() message: string;
}
