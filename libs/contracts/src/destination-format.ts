/**
 * What the body of a webhook is. `standard`: type, timestamp and data as JSON; `raw`: the published bytes alone;
 * `cloudevents`: a CloudEvent in structured mode.
 */
export const destinationFormats = ['standard', 'raw', 'cloudevents'] as const;
export type DestinationFormat = (typeof destinationFormats)[number];
