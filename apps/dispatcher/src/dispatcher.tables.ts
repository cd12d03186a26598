/** The dispatcher's copy of what the registry owns; secrets stay sealed in it. */
export interface DispatcherTables {
  destinations: {
    destination_id: string;
    tenant_id: string;
    version: number;
    deleted: boolean;
    enabled: boolean;
    url: string;
    timeout_ms: number;
    sealed_secrets: string[];
  };
}
