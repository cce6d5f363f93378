import { Session } from "./src/app/session.ts"; import { realHost } from "./src/app/host.ts"; import { chooseUp } from "./src/app/choose.ts";
const s = new Session(realHost([]), "/tmp/pbf", false);
let t = performance.now(); const lap = (n: string) => { const u = performance.now(); console.log(n, (u-t).toFixed(0)); t = performance.now(); };
await s.load(); lap("load"); const st = await s.store(); lap("open"); await st.load(); lap("state");
const v = await s.view(); lap("view"); v.around(); lap("around"); const c = chooseUp(v, {select:[],exclude:[],partitions:[],from:null,to:null,force:false}); lap("plan");
const c2 = chooseUp(v, {select:[],exclude:[],partitions:[],from:null,to:null,force:false}); lap("plan again");
await s[Symbol.asyncDispose]();
