"""examples/quickstart in Python: what it writes must be what the TypeScript program writes."""
import sys

from cdk8s import App, Chart, Duration
from cdk8s_mesh import (
    Adoption,
    CircuitBreaker,
    KubernetesExperience,
    Mesh,
    MeshNamespace,
    MeshPort,
    MeshProvider,
    MeshService,
    Retry,
    RetryOn,
)
from cdk8s_plus_28 import ContainerProps, Deployment

app = App(outdir=sys.argv[1])
chart = Chart(app, "quickstart", namespace="shop")
mesh = Mesh(
    chart,
    "mesh",
    provider=MeshProvider.istio(),
    adoption=Adoption.assess(services=60, regulated_encryption=True, kubernetes=KubernetesExperience.ESTABLISHED),
)
MeshNamespace(chart, "shop", mesh=mesh)


def deployment(name: str, replicas: int) -> Deployment:
    container = ContainerProps(image=f"registry.example.com/{name}:1.0", port_number=8080)
    return Deployment(chart, f"{name}-pods", metadata={"name": name}, replicas=replicas, containers=[container])


payments = MeshService(
    chart,
    "payment-service",
    mesh=mesh,
    workload=deployment("payment-service-v1", 3),
    version="v1",
    subset="stable",
    ports=[MeshPort.http(8080, port=80)],
    retry=Retry.up_to(
        3,
        per_try=Duration.seconds(2),
        on=[RetryOn.SERVER_ERROR, RetryOn.RESET, RetryOn.CONNECT_FAILURE],
    ),
    circuit_breaker=CircuitBreaker.of(
        http={"upgrade_to_http2": True, "max_requests_per_connection": 100},
        eject={"after": 5, "check_every": Duration.seconds(30), "lasting": Duration.seconds(60)},
    ),
)
payments.add_version("v2", workload=deployment("payment-service-v2", 2), subset="canary")
payments.split({"stable": 90, "canary": 10})

checkout = MeshService(
    chart,
    "checkout",
    mesh=mesh,
    workload=deployment("checkout", 2),
    ports=[MeshPort.http(8080, port=80)],
)
checkout.calls(payments)

app.synth()
