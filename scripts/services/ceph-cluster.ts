import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface ClusterPlace {
  /** The cluster's own private folder. Its path may be of any length, because the cluster has no sockets in it. */
  readonly folder: string;
  readonly gatewayPort: number;
  readonly monitorPort: number;
}

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The daemons in the order in which they start, each with its command line. All stay in the foreground. */
export const daemons = {
  monitor: ["ceph-mon", "-f", "-i", "a"],
  storage: ["ceph-osd", "-f", "-i", "0"],
  gateway: ["radosgw", "-f", "-n", "client.rgw"],
} as const;

export type DaemonName = keyof typeof daemons;

export const configOf = (folder: string): string => join(folder, "ceph.conf");

/** As built by Debian, Ceph looks for its object classes under a path relative to this working folder. */
export const workingFolder = "/";

const clusterId = "7a5f0000-0000-4000-8000-000000000002";
const GiB = 1024 ** 3;

/** Prepares a cluster of one monitor and one storage daemon, which keeps the objects in memory. */
export async function prepareCluster(place: ClusterPlace, limitMs: number): Promise<void> {
  const { folder, monitorPort } = place;
  for (const name of ["mon", "osd", "rgw", "log"]) await mkdir(join(folder, name), { recursive: true });
  await writeFile(configOf(folder), configText(place));
  const keyring = join(folder, "keyring");
  const map = join(folder, "monmap");
  const key = (name: string, ...caps: string[]) => [keyring, "--gen-key", "-n", name, ...caps];
  const steps: readonly (readonly [string, ...string[]])[] = [
    ["ceph-authtool", "--create-keyring", ...key("mon.", "--cap", "mon", "allow *")],
    ["ceph-authtool", ...key("client.admin", "--cap", "mon", "allow *", "--cap", "osd", "allow *")],
    ["ceph-authtool", ...key("client.rgw", "--cap", "mon", "allow rw", "--cap", "osd", "allow rwx")],
    ["ceph-authtool", ...key("osd.0", "--cap", "mon", "allow profile osd", "--cap", "osd", "allow *")],
    ["monmaptool", "--create", "--clobber", "--fsid", clusterId, "--addv", "a", `[v2:127.0.0.1:${monitorPort}]`, map],
    ["ceph-mon", "-c", configOf(folder), "--mkfs", "-i", "a", "--monmap", map, "--keyring", keyring],
  ];
  for (const [program, ...args] of steps) await cephCommand(program, args, limitMs);
}

/** Registers the storage daemon with the running monitor. */
export async function admitStorage(folder: string, limitMs: number): Promise<void> {
  const uuid = randomUUID();
  await cephCommand("ceph", ["-c", configOf(folder), "osd", "new", uuid], limitMs);
  await cephCommand("ceph-osd", ["-c", configOf(folder), "-i", "0", "--mkfs", "--osd-uuid", uuid], limitMs);
}

/** Creates the user. The command waits for the storage daemon, because nothing can be written before it runs. */
export async function addUser(folder: string, keys: Keys, limitMs: number): Promise<void> {
  const user = ["--uid=test", "--display-name=Test", "--max-buckets=0"];
  const pair = [`--access-key=${keys.accessKeyId}`, `--secret-key=${keys.secretAccessKey}`];
  await cephCommand("radosgw-admin", ["-c", configOf(folder), "user", "create", ...user, ...pair], limitMs);
}

async function cephCommand(program: string, args: readonly string[], timeout: number): Promise<void> {
  await run(program, args, { cwd: workingFolder, timeout });
}

function configText({ folder, gatewayPort, monitorPort }: ClusterPlace): string {
  return `[global]
fsid = ${clusterId}
mon_host = [v2:127.0.0.1:${monitorPort}]
mon_initial_members = a
public_network = 127.0.0.0/8
ms_bind_ipv6 = false
ms_bind_port_min = ${monitorPort + 1}
ms_bind_port_max = ${monitorPort + 60}
# The gateway refuses to run without authentication.
auth_cluster_required = cephx
auth_service_required = cephx
auth_client_required = cephx
auth_allow_insecure_global_id_reclaim = false
keyring = ${folder}/keyring
run_dir = ${folder}
admin_socket =
log_file = ${folder}/log/$name.log
mon_cluster_log_file = ${folder}/log/cluster.log
# One copy of everything, few placement groups.
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pgp_num = 4
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
mon_data_avail_warn = 1
mon_data_avail_crit = 1
# Each change of the map waits a second otherwise.
paxos_propose_interval = 0.05
paxos_min_wait = 0.01
mon_tick_interval = 1
[mon]
mon_data = ${folder}/mon
[osd]
osd_data = ${folder}/osd
osd_objectstore = memstore
memstore_device_bytes = ${4 * GiB}
osd_crush_initial_weight = 1
osd_class_load_list = *
osd_class_default_list = *
osd_memory_target = 939524096
osd_op_num_shards = 2
osd_op_num_threads_per_shard = 1
osd_mclock_skip_benchmark = true
[client]
rgw_data = ${folder}/rgw
rgw_frontends = beast endpoint=127.0.0.1:${gatewayPort} tcp_nodelay=1
rgw_thread_pool_size = 64
rgw_run_sync_thread = false
rgw_override_bucket_index_max_shards = 1
# How long an upload stays locked whose completion was killed; ten minutes otherwise.
rgw_mp_lock_max_time = 5
# Deleted data goes within seconds, not hours.
rgw_gc_obj_min_wait = 30
rgw_gc_processor_period = 10
rgw_gc_processor_max_time = 10
`;
}
