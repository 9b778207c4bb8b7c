import time, pytest
from shanhai.acts.project import ProjectState
from shanhai.acts.project_return import ReturnProject, Reason
from axe_playwright_python.sync_playwright import Axe
from viewports import DESKTOP, PHONE
@pytest.mark.django_db(transaction=True)
def test_x(world, officer, live_server, open_context, pictures):
    w=world
    c=officer("village")
    r=c.post("/declare"); base=r.headers["Location"]
    data={"basics":{"name":"模拟：石桥村冷链仓储中心","year":"2026","category":"种植","sector":"industry","operating":"1"},
     "place":{"region":"519901101201","place":"三组","pairing":world.pair,"owner":world.body("owner"),"department":world.body("department")},
     "content":{"content":"x","start_ms":"2027-12-01","finish_ms":"2027-03-01","households":"10","people":"50"},
     "money":{"planned_fen":"12.5","planned_fen_unit":"wan"}}
    for s,d in data.items():
        r=c.post(f"{base}/{s}", d|{"version":"0","then":"next"})
    p=world.declare(); world.village_pass(p)
    world.do("town", ReturnProject(reasons=(Reason(field="planned_fen",reason="金额偏高，请附概算依据"),Reason(field="content",reason="建设内容与申报书不一致")), ), p)
    c=officer("village")
    r=c.get(f"/project/{p}/resubmit",follow=True); base2=r.redirect_chain[-1][0]
    c.post(f"{base2}/money", {"planned_fen":"480","planned_fen_unit":"wan","version":"0","then":"next"})
    from shanhai.domains.workbench.models import Draft
    for s in ("basics","place","content","documents","targets","linkage"):
        from shanhai.domains.workbench import drafts
        d=Draft.objects.get(pk=base2.split("/")[-1])
        drafts.section_save(draft=d,section=s,typed={},version=None,now_ms=d.saved_ms)
    urls={"home":"/workbench","start":"/declare","tasks":base,"basics":base+"/basics","place":base+"/place","content":base+"/content","docs":base+"/documents","tasks2":base2,"check2":base2+"/check","money2":base2+"/money"}
    for vp,lang in ((DESKTOP,"zh-hans"),(PHONE,"zh-hans")):
        ctx=open_context(viewport=vp,bypass_csp=True)
        ctx.add_cookies([{"name":"sessionid","value":c.cookies["sessionid"].value,"url":live_server.url},{"name":"django_language","value":lang,"url":live_server.url}])
        pg=ctx.new_page()
        pg.on("console", lambda m: print("CONSOLE",m.text) if m.type=="error" else None)
        for name,u in urls.items():
            pg.goto(live_server.url+u); pg.wait_for_timeout(300)
            found=Axe().run(pg); print(name,vp["width"],found.violations_count, found.generate_report() if found.violations_count else "", pg.evaluate("document.documentElement.scrollWidth"))
            pg.screenshot(path=f"/tmp/desk/{name}-{vp['width']}.png",full_page=True)
