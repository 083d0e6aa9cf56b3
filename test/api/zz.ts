import { Client } from '@temporalio/client';
import { connectLazily, createTemporalGateway } from '../../api/temporal-gateway.ts';
import { cancelOrderUpdate } from '../../workflows/order/contract.ts';
const connection = connectLazily(`127.0.0.1:1`);
const g = createTemporalGateway(new Client({ connection }));
for (let i=0;i<3;i++){ const t=performance.now(); await g.updateOrder(cancelOrderUpdate,'ord_x',{actor:{role:'buyer',id:'x'},reason:'x'},'u').catch(e=>console.log(e.code, e.cause?.message)); console.log('update',performance.now()-t);
const t2=performance.now(); await g.ping(500).catch(e=>console.log(e.message)); console.log('ping',performance.now()-t2);}
await connection.close();
