import time, pytest
from shanhai.acts.project import ProjectState
from axe_playwright_python.sync_playwright import Axe
from viewports import DESKTOP, PHONE
@pytest.mark.django_db(transaction=True)
def test_x(world, officer, live_server, open_context, pictures):
    w=world
    for s in (ProjectState.VILLAGE_NOTICE,ProjectState.TOWNSHIP_REVIEW,ProjectState.APPRAISAL,ProjectState.EXECUTING, ProjectState.PLANNED):
        w.reach(s)
    for i in range(7): w.reach(ProjectState.TOWNSHIP_REVIEW, name=f"模拟：第{i}号桥涵改造")
    for name in ("village","town","auditor"):
        c=officer(name)
        r=c.get("/workbench"); assert r.status_code==200
        for vp,lang in ((DESKTOP,"zh-hans"),(PHONE,"en")):
            ctx=open_context(viewport=vp,bypass_csp=True)
            ctx.add_cookies([{"name":"sessionid","value":c.cookies["sessionid"].value,"url":live_server.url},{"name":"django_language","value":lang,"url":live_server.url}])
            pg=ctx.new_page(); pg.goto(live_server.url+"/workbench"); pg.wait_for_timeout(500)
            found=Axe().run(pg); print(name,lang,found.violations_count, found.generate_report() if found.violations_count else "")
            print(pg.evaluate("document.documentElement.scrollWidth"))
            pg.screenshot(path=f"/tmp/desk/{name}-{lang}.png",full_page=True)
