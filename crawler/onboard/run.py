"""Survey several sites in one process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from scrapy.settings import Settings

from crawler.extract.workers.pool import ExtractionPool
from crawler.onboard.probe import Prober, ProbeSpider, run_probes
from crawler.onboard.result import Survey
from crawler.onboard.survey import Surveyor
from crawler.profile import Channel, SiteProfile


@dataclass(kw_only=True, slots=True)
class SurveyJob:
    """One site to survey."""

    address: str
    known: Sequence[Channel] = ()
    """Channels that are read first."""

    known_from: str = ""
    country: str | None = None
    """ISO 3166, if it is known."""

    timezone: str | None = None
    """IANA name, if it is known."""

    existing: SiteProfile | None = None
    """Its profile, if the site is inspected."""

    render: bool = False
    """Whether articles may need JavaScript."""

    survey: Survey | None = None
    """The result; None if the process was interrupted."""

    error: Exception | None = None


def survey_sites(
    jobs: Sequence[SurveyJob],
    settings: Settings,
    *,
    owners: Sequence[SiteProfile],
    report: Callable[[str, int], None],
) -> None:
    """Survey all sites. It runs its own event loop, which a process can do once. `owners`: the profiles that there are;
    `report` is called with an address and the number of its requests after each one."""
    seconds = settings.getfloat("NEWS_EXTRACT_SECONDS")
    pool = ExtractionPool(workers=settings.getint("NEWS_EXTRACT_WORKERS"), seconds=seconds)

    def task(job: SurveyJob) -> Callable[[ProbeSpider], Awaitable[None]]:
        async def run(spider: ProbeSpider) -> None:
            prober = Prober(spider, report=lambda count: report(job.address, count))
            surveyor = Surveyor(
                prober,
                pool,
                owners=owners,
                country=job.country,
                timezone=job.timezone,
                existing=job.existing,
                render=job.render,
            )
            try:
                job.survey = await surveyor.survey(job.address, job.known, job.known_from)
            except Exception as error:  # raised again below: the event loop would only log it
                job.error = error

        return run

    try:
        inspected = jobs[0].existing if len(jobs) == 1 else None
        run_probes([task(job) for job in jobs], settings, inspected)
    finally:
        pool.close()
    for job in jobs:
        if job.error is not None:
            raise job.error
