/** What of a path tells a destination. */
export interface DestinationParams {
  readonly tenantId: string;
  readonly destinationId: string;
}
