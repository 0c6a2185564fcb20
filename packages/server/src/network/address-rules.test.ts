import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { expect, test } from "vitest";
import { isPublicAddress, specialIpv4Blocks, specialIpv6Blocks, specialUse } from "./address-rules.ts";

test.each([
  "1.1.1.1",
  "8.8.8.8",
  "9.255.255.255",
  "11.0.0.0",
  "100.63.255.255",
  "100.128.0.0",
  "126.255.255.255",
  "128.0.0.0",
  "168.63.129.15",
  "169.253.255.255",
  "169.255.0.0",
  "172.15.255.255",
  "172.32.0.0",
  "191.255.255.255",
  "192.0.1.0",
  "192.0.3.0",
  "192.167.255.255",
  "192.169.0.0",
  "198.17.255.255",
  "198.20.0.0",
  "203.0.112.255",
  "223.255.255.255",
  "2001:200::1",
  "2001:4860:4860::8888",
  "2606:4700:4700::1111",
  "2a00:1450:4001:81b::200e",
  "2001:db7:ffff::1",
  "2003::1",
  "3ffd::1",
  "::ffff:8.8.8.8",
  "::ffff:808:808",
  "64:ff9b::808:808",
  "64:ff9b::8.8.8.8",
])("%s is public", (address) => {
  expect(specialUse(address)).toBeUndefined();
});

test.each([
  ["0.0.0.0", "this host"],
  ["0.255.255.255", "this host"],
  ["10.0.0.0", "private"],
  ["10.255.255.255", "private"],
  ["100.64.0.0", "carrier-grade NAT"],
  ["100.100.100.200", "carrier-grade NAT"],
  ["100.127.255.255", "carrier-grade NAT"],
  ["127.0.0.1", "loopback"],
  ["127.255.255.254", "loopback"],
  ["168.63.129.16", "cloud host"],
  ["169.254.0.0", "link-local"],
  ["169.254.169.254", "link-local"],
  ["169.254.255.255", "link-local"],
  ["172.16.0.0", "private"],
  ["172.31.255.255", "private"],
  ["192.0.0.1", "protocol assignments"],
  ["192.0.0.192", "protocol assignments"],
  ["192.0.2.1", "documentation"],
  ["192.31.196.1", "AS112"],
  ["192.52.193.1", "multicast tunnels"],
  ["192.88.99.1", "6to4 relay"],
  ["192.168.0.1", "private"],
  ["192.168.255.255", "private"],
  ["192.175.48.1", "AS112"],
  ["198.18.0.1", "benchmarking"],
  ["198.19.255.255", "benchmarking"],
  ["198.51.100.7", "documentation"],
  ["203.0.113.7", "documentation"],
  ["224.0.0.1", "multicast"],
  ["239.255.255.255", "multicast"],
  ["240.0.0.1", "reserved, broadcast"],
  ["255.255.255.255", "reserved, broadcast"],
  ["::", "not global unicast"],
  ["::1", "not global unicast"],
  ["0:0:0:0:0:0:0:1", "not global unicast"],
  ["::127.0.0.1", "not global unicast"],
  ["::8.8.8.8", "not global unicast"],
  ["::ffff:127.0.0.1", "loopback"],
  ["::ffff:7f00:1", "loopback"],
  ["0:0:0:0:0:ffff:a9fe:a9fe", "link-local"],
  ["::ffff:10.1.2.3", "private"],
  ["::ffff:0.0.0.0", "this host"],
  ["::ffff:0:7f00:1", "not global unicast"],
  ["::ffff:0:8.8.8.8", "not global unicast"],
  ["64:ff9b::127.0.0.1", "loopback"],
  ["64:ff9b::a9fe:a9fe", "link-local"],
  ["64:ff9b::c0a8:1", "private"],
  ["64:ff9b:1::808:808", "not global unicast"],
  ["64:ff9b:1:a9fe:a9:fe00::", "not global unicast"],
  ["64:ff9b:0:0:0:1:808:808", "not global unicast"],
  ["100::1", "not global unicast"],
  ["2001::1", "protocol assignments"],
  ["2001:0:4136:e378:8000:63bf:3fff:fdd2", "protocol assignments"],
  ["2001:2::1", "protocol assignments"],
  ["2001:4:112::1", "protocol assignments"],
  ["2001:10::1", "protocol assignments"],
  ["2001:20::1", "protocol assignments"],
  ["2001:db8::1", "documentation"],
  ["2002::1", "6to4"],
  ["2002:7f00:1::1", "6to4"],
  ["2002:808:808::1", "6to4"],
  ["2620:4f:8000::1", "AS112"],
  ["2a00:1450::5efe:10.0.0.1", "ISATAP"],
  ["2a00:1450::200:5efe:8.8.8.8", "ISATAP"],
  ["3ffe::1", "returned"],
  ["3fff::1", "documentation"],
  ["4000::1", "not global unicast"],
  ["5f00::1", "not global unicast"],
  ["fc00::1", "not global unicast"],
  ["fd00:ec2::254", "not global unicast"],
  ["fd12:3456:789a::1", "not global unicast"],
  ["fe80::1", "not global unicast"],
  ["fec0::1", "not global unicast"],
  ["ff02::1", "not global unicast"],
  ["fe80::1%lo", "no plain address"],
  ["2606:4700:4700::1111%eth0", "no plain address"],
  ["", "no plain address"],
  ["localhost", "no plain address"],
  ["127.1", "no plain address"],
  ["2130706433", "no plain address"],
  ["0x7f000001", "no plain address"],
  ["8.8.8.8 ", "no plain address"],
  ["[2606:4700:4700::1111]", "no plain address"],
])("%s is refused: %s", (address, use) => {
  expect(specialUse(address)).toBe(use);
  expect(isPublicAddress(address)).toBe(false);
});

test("the first and the last address of each block in the tables are refused", () => {
  for (const [block, use] of [...Object.entries(specialIpv4Blocks), ...Object.entries(specialIpv6Blocks)]) {
    const [network, bits] = ipaddr.parseCIDR(block);
    const bytes = network.toByteArray();
    const last = bytes.map((byte, index) => byte | (0xff >> Math.min(Math.max(bits - index * 8, 0), 8)));
    for (const edge of [bytes, last]) expect(specialUse(ipaddr.fromByteArray(edge).toString()), block).toBe(use);
  }
});

test("an address is judged alike as IPv4, mapped into IPv6 and behind the NAT64 prefix", () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      const use = specialUse(address);
      expect(specialUse(`::ffff:${address}`)).toBe(use);
      expect(specialUse(`64:ff9b::${address}`)).toBe(use);
    }),
  );
});

test("nothing that the address library calls special is public, except what carries a public IPv4 address", () => {
  const special = fc.oneof(fc.ipV4(), fc.ipV6()).filter((address) => {
    // The library misreads ::a.b.c.d.
    const range = ipaddr.parse(address.replace(/^::(?=\d+\.)/, "::0:")).range();
    return range !== "unicast" && range !== "ipv4Mapped" && range !== "rfc6052";
  });
  fc.assert(fc.property(special, (address) => !isPublicAddress(address)));
});
