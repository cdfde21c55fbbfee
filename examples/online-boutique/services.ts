/** The base release of Online Boutique in tables: what runs, and who calls whom. */
import { MeshPort } from 'cdk8s-mesh';

export interface ServiceFacts {
  readonly name: string;
  readonly language?: string;
  /** The port that it listens on; without it nobody can call it. */
  readonly port?: MeshPort;
  /** Variable in which its callers expect its address. */
  readonly address?: string;
  /** Request and limit. */
  readonly cpu: readonly [string, string];
  /** Request and limit. */
  readonly memory: readonly [string, string];
  readonly env?: { readonly [name: string]: string };
  /** Seconds until the kubelet asks for its health. */
  readonly startsIn?: number;
  /** Path of its health check over HTTP; gRPC's own protocol where it is left out. */
  readonly healthPath?: string;
}

export const SERVICES: readonly ServiceFacts[] = [
  {
    name: 'frontend', language: 'go', port: MeshPort.http(8080, { port: 80 }), address: 'FRONTEND_ADDR',
    cpu: ['100m', '200m'], memory: ['64Mi', '128Mi'], startsIn: 10, healthPath: '/_healthz',
    // It does not start without an address of the assistant, which is no part of the base release.
    env: { PORT: '8080', ENABLE_PROFILER: '0', SHOPPING_ASSISTANT_SERVICE_ADDR: 'shoppingassistantservice:80' },
  },
  {
    name: 'adservice', language: 'java', port: MeshPort.grpc(9555), address: 'AD_SERVICE_ADDR',
    cpu: ['200m', '300m'], memory: ['180Mi', '300Mi'], startsIn: 20, env: { PORT: '9555' },
  },
  {
    name: 'cartservice', language: 'csharp', port: MeshPort.grpc(7070), address: 'CART_SERVICE_ADDR',
    cpu: ['200m', '300m'], memory: ['64Mi', '128Mi'], startsIn: 15,
  },
  {
    name: 'checkoutservice', language: 'go', port: MeshPort.grpc(5050), address: 'CHECKOUT_SERVICE_ADDR',
    cpu: ['100m', '200m'], memory: ['64Mi', '128Mi'], env: { PORT: '5050' },
  },
  {
    name: 'currencyservice', language: 'nodejs', port: MeshPort.grpc(7000), address: 'CURRENCY_SERVICE_ADDR',
    cpu: ['100m', '200m'], memory: ['64Mi', '128Mi'], env: { PORT: '7000', DISABLE_PROFILER: '1' },
  },
  {
    name: 'emailservice', language: 'python', port: MeshPort.grpc(8080, { port: 5000 }), address: 'EMAIL_SERVICE_ADDR',
    cpu: ['100m', '200m'], memory: ['64Mi', '128Mi'], env: { PORT: '8080', DISABLE_PROFILER: '1' },
  },
  {
    name: 'paymentservice', language: 'nodejs', port: MeshPort.grpc(50051), address: 'PAYMENT_SERVICE_ADDR',
    cpu: ['100m', '200m'], memory: ['64Mi', '128Mi'], env: { PORT: '50051', DISABLE_PROFILER: '1' },
  },
  {
    name: 'productcatalogservice', language: 'go', port: MeshPort.grpc(3550), address: 'PRODUCT_CATALOG_SERVICE_ADDR',
    cpu: ['100m', '200m'], memory: ['64Mi', '128Mi'], env: { PORT: '3550', DISABLE_PROFILER: '1' },
  },
  {
    name: 'recommendationservice', language: 'python', port: MeshPort.grpc(8080), address: 'RECOMMENDATION_SERVICE_ADDR',
    cpu: ['100m', '200m'], memory: ['220Mi', '450Mi'], env: { PORT: '8080', DISABLE_PROFILER: '1' },
  },
  {
    name: 'shippingservice', language: 'go', port: MeshPort.grpc(50051), address: 'SHIPPING_SERVICE_ADDR',
    cpu: ['100m', '200m'], memory: ['64Mi', '128Mi'], env: { PORT: '50051', DISABLE_PROFILER: '1' },
  },
  { name: 'redis-cart', port: MeshPort.redis(), address: 'REDIS_ADDR', cpu: ['70m', '125m'], memory: ['200Mi', '256Mi'] },
  { name: 'loadgenerator', language: 'python', cpu: ['300m', '500m'], memory: ['256Mi', '512Mi'], env: { USERS: '10' } },
];

export interface CallFacts {
  readonly from: string;
  readonly to: string;
  /** False: repeating the call charges, ships or sends a second time. */
  readonly idempotent?: boolean;
}

export const CALLS: readonly CallFacts[] = [
  { from: 'loadgenerator', to: 'frontend' },
  { from: 'frontend', to: 'adservice' },
  { from: 'frontend', to: 'cartservice' },
  { from: 'frontend', to: 'checkoutservice', idempotent: false },
  { from: 'frontend', to: 'currencyservice' },
  { from: 'frontend', to: 'productcatalogservice' },
  { from: 'frontend', to: 'recommendationservice' },
  { from: 'frontend', to: 'shippingservice' },
  { from: 'checkoutservice', to: 'cartservice' },
  { from: 'checkoutservice', to: 'currencyservice' },
  { from: 'checkoutservice', to: 'emailservice', idempotent: false },
  { from: 'checkoutservice', to: 'paymentservice', idempotent: false },
  { from: 'checkoutservice', to: 'productcatalogservice' },
  { from: 'checkoutservice', to: 'shippingservice', idempotent: false },
  { from: 'recommendationservice', to: 'productcatalogservice' },
  { from: 'cartservice', to: 'redis-cart' },
];
