import { readFileSync } from 'node:fs';
import { loadCluster } from '../src/manifest/load.ts';
import { fix } from '../src/question/fix.ts';
import { chooseProfile, semanticsOf } from '../src/profile/choose.ts';
import { printPortSet } from '../src/net/port-set.ts';
import { printPlace } from '../src/explain/place.ts';
const [,, from, to, ...files] = process.argv;
const t=()=>performance.now(); let a=t();
const c=loadCluster(files.map(f=>({file:f.split('/').at(-1)!,text:readFileSync(f,'utf8')}))); console.log('load',t()-a);
const s=semanticsOf(chooseProfile('calico') as any);
a=t(); const w=fix(c,s,{from,to,namespace:'default'},{most:9}) as any; console.log('fix',t()-a);
if(w.kind==='error') console.log(w.errors); else for(const k of w.connections){ console.log('==',k.connection.route.to,k.connection.outcome,k.connection.codes.join());
 for(const [i,f] of k.fixes.entries()){ console.log(`fix ${i+1}`, f.levers.map((l:any)=>l.code+' '+JSON.stringify(l.facts)+' '+printPlace(l.at)).join(' & '),'size',f.size);
  for(const r of f.effect.opened) console.log('     opens',r.from,r.fromPods??'','→',r.to,r.toPods??'',printPortSet(r.ports),r.certainty);
  for(const r of f.effect.closed) console.log('     closes',r.from,r.fromPods??'','→',r.to,r.toPods??'',printPortSet(r.ports),r.certainty);
  for(const r of f.effect.services) console.log('     svc',JSON.stringify(r)); } }
