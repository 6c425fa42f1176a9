provider "aws" {
  region = var.region
}

module "compute" {
  source = "../../"

  name              = var.name
  vpc_id            = var.vpc_id
  subnet_ids        = var.subnet_ids
  kms_key_arn       = var.kms_key_arn
  instance_type     = "m7g.large"
  min_size          = 2
  max_size          = 6
  target_group_arns = [var.target_group_arn]

  ingress = {
    balancer = {
      port              = 8080
      security_group_id = var.balancer_security_group_id
    }
  }

  tags = {
    Environment = "example"
  }
}
