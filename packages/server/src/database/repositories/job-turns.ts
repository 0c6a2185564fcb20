import { sql } from "kysely";
import type { Connection } from "../database.ts";

/** The time of a run, which is its account's. */
export interface UsedTime {
  readonly accountId: string;
  readonly ms: number;
}

/** Charges an account the time of a run, unless the account is gone. */
export async function chargeTime(connection: Connection, { accountId, ms }: UsedTime, now: number): Promise<void> {
  const used = Math.round(ms);
  await sql`
    insert into job_turns (account_id, used_until) select id, ${now + used} from accounts where id = ${accountId}
    on conflict (account_id) do update set used_until = ${used} +
      case when job_turns.used_until > ${now} then job_turns.used_until else ${now} end
  `.execute(connection);
}
