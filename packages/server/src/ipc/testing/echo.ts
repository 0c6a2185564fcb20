import { Peer, type Port } from "../peer.ts";

export const echoCalls = {
  echo: async (data: object) => data,
  askBack: async (value: number) => (await parent.call("double", value)) + 1,
  hang: (_: undefined) => new Promise<void>(() => undefined),
  async fail(code: string | undefined) {
    throw Object.assign(new Error("failed on purpose"), code === undefined ? {} : { code, syscall: "bind" });
  },
};

const parent: Peer<{ readonly double: (value: number) => Promise<number> }> = new Peer(process as Port, echoCalls);
