import { type Kysely, type QueryExecutorProvider, type RawBuilder, sql, type Transaction } from 'kysely';

/** The tenant whose request a transaction answers; of use in the policies of `showOwnRows`. */
export const askingTenant = sql<string>`current_setting('posthorn.tenant_id')`;

/** For what tells nothing of anybody, and belongs to no tenant. */
export const anyRow = sql<boolean>`true`;

/**
 * For migrations: which rows of each table a tenant's request may see, change and write. What is not named here it
 * cannot touch at all. The service itself, whose tables they are, sees all rows, and pays nothing for this.
 * See "Row Security Policies" in Postgres' manual.
 */
export async function showOwnRows(
  db: QueryExecutorProvider,
  policies: Readonly<Record<string, RawBuilder<unknown>>>,
): Promise<void> {
  for (const [table, isOwn] of Object.entries(policies)) {
    await sql`alter table ${sql.table(table)} enable row level security`.execute(db);
    await sql`create policy own_rows on ${sql.table(table)} using (${isOwn})`.execute(db);
  }
}

/** The role that the requests of tenants are answered with. */
function tenantRoleOf(schema: string): string {
  return `posthorn_${schema}_tenant`;
}

/** `missing`: there is none that we may use. `idle`: no table has a policy. */
export type TenantRole = { readonly name: string } | 'missing' | 'idle';

/** Gives the role its rights, those to all that `showOwnRows` names. It is made if it is not there and we may. */
export async function prepareTenantRole<Tables>(db: Kysely<Tables>, schema: string): Promise<TenantRole> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relnamespace = to_regnamespace(${schema}) and relrowsecurity order by relname`.execute(db);
  if (rows.length === 0) return 'idle';
  const name = tenantRoleOf(schema);
  await makeRole(db, name);
  try {
    await db.transaction().execute((transaction) => enterTenant(transaction, { role: name, tenantId: '' }));
  } catch (error) {
    if (isRefusal(error)) return 'missing';
    throw error;
  }
  const tables = sql.join(rows.map((table) => sql.table(table.name)));
  await db.transaction().execute(async (transaction) => {
    // Postgres lets two processes that grant the same at once fail.
    await sql`select pg_advisory_xact_lock(hashtext(${name}))`.execute(transaction);
    await sql`grant usage on schema ${sql.id(schema)} to ${sql.id(name)}`.execute(transaction);
    await sql`grant select, insert, update, delete on ${tables} to ${sql.id(name)}`.execute(transaction);
  });
  return { name };
}

/** For the rest of the transaction. */
export async function enterTenant<Tables>(
  db: Transaction<Tables>,
  { role, tenantId }: { readonly role: string; readonly tenantId: string },
): Promise<void> {
  await sql`select set_config('role', ${role}, true), set_config('posthorn.tenant_id', ${tenantId}, true)`.execute(
    db,
  );
}

async function makeRole<Tables>(db: Kysely<Tables>, role: string): Promise<void> {
  const { rows } = await sql`select from pg_roles where rolname = ${role}`.execute(db);
  if (rows.length > 0) return;
  try {
    await sql`create role ${sql.id(role)}`.execute(db);
  } catch (error) {
    // Or another process was faster.
    if (!isRefusal(error) && !isThere(error)) throw error;
  }
}

/** insufficient_privilege, and invalid_parameter_value for a role that is not there. */
function isRefusal(error: unknown): boolean {
  return ['42501', '22023'].includes(codeOf(error));
}

/** duplicate_object, or unique_violation of two at the same time. */
function isThere(error: unknown): boolean {
  return ['42710', '23505'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code);
}
