// The implementation of the tus protocol. The build replaces this module by a bundle of these packages, because they would
// bring clients of Redis into every production install: 13 MB, which the server never loads.
export { Server } from "@tus/server";
export { DataStore, ERRORS, type Locker, Upload } from "@tus/utils";
